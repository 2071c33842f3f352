// A citizen's WhatsApp in the hands of Baileys: it does what one JSON object a line on standard input says,
// and tells what it sees as one JSON object a line on standard output. When the input ends, it ends.
//
// BAILEYS   folder whose node_modules holds baileys
// SERVER    host:port of the WhatsApp to talk to; its certificate comes by NODE_EXTRA_CA_CERTS
// ROOT_KEY  hexadecimal key that signs that server's certificates inside the protocol
// MEMORY    folder for the keys of this device

import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const { BAILEYS, SERVER, ROOT_KEY, MEMORY } = process.env
const load = name => import(pathToFileURL(createRequire(join(BAILEYS, 'any.js')).resolve(name)))

const tell = what => process.stdout.write(JSON.stringify(what) + '\n')
const complain = (...what) => console.error(...what)
console.log = console.info = complain // libsignal talks; standard output is ours
const quiet = () => {}
const logger = { level: 'warn', trace: quiet, debug: quiet, info: quiet, warn: complain, error: complain, child: () => logger }

const { default: connect, useMultiFileAuthState, DisconnectReason, WAMessageStubType, downloadMediaMessage, extractMessageContent } =
  await load('baileys')
const { WA_CERT_DETAILS } = await load('baileys/lib/Defaults/index.js')
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(ROOT_KEY, 'hex')

let socket
let wanted = true // false: this device is switched off

async function start() {
  const { state, saveCreds } = await useMultiFileAuthState(MEMORY)
  socket = connect({ auth: state, logger, waWebSocketUrl: `wss://${SERVER}/ws/chat` })
  socket.ev.on('creds.update', saveCreds)
  socket.ev.on('connection.update', ({ qr, connection, lastDisconnect }) => {
    if (qr) tell({ event: 'code', text: qr })
    if (connection === 'open') tell({ event: 'open' })
    if (connection !== 'close') return
    if (!wanted) return tell({ event: 'off' })
    const reason = lastDisconnect?.error?.output?.statusCode
    if (reason !== DisconnectReason.restartRequired) complain('the connection is lost:', reason)
    setTimeout(start, 100)
  })
  socket.ev.on('messages.upsert', ({ messages }) => messages.forEach(read))
  socket.ev.on('messages.update', updates => updates.forEach(amend))
}

// words are those of a message, or its caption; a contact card and a file alone have empty ones, and what only the
// devices say to each other has none.
function words(message) {
  const content = extractMessageContent(message)
  const file = fileIn(content)
  const empty = file || content?.contactMessage ? '' : undefined
  return content?.conversation ?? content?.extendedTextMessage?.text ?? file?.caption ?? empty
}

const fileIn = content => content?.imageMessage ?? content?.videoMessage ?? content?.documentMessage

// read tells about a message; one that could not be decrypted has no text. What happened to it while this device was off
// may have been done already: then it has its new words, or is gone. Baileys now and then cannot read the second of the
// messages with which its own phone welcomes it, as it renames their session meanwhile: that is between the two.
function read(received) {
  const { key, message, messageStubType } = received
  const text = words(message)
  if (messageStubType === WAMessageStubType.REVOKE) return tell({ event: 'deleted', id: key.id, from: key.remoteJid })
  if (text === undefined && (key.fromMe || !messageStubType)) return // of the devices among themselves
  const event = text === undefined ? 'garbled' : key.fromMe ? 'copy' : 'message'
  tell({ event, id: key.id, from: key.remoteJid, text })
  if (fileIn(extractMessageContent(message))) fetchFile(received, text)
}

// fetchFile tells what the file of a message is, when it has been downloaded and decrypted. Files go to the server that
// this device talks to, whatever host the message names.
async function fetchFile(received, text) {
  const { key, message } = received
  const { mimetype: mime, fileName: name } = fileIn(extractMessageContent(message))
  try {
    const data = await downloadMediaMessage(received, 'buffer', { host: SERVER })
    const sum = createHash('sha256').update(data).digest('hex')
    tell({ event: 'file', id: key.id, from: key.remoteJid, text, mime, name, sum })
  } catch (error) {
    complain(error)
    tell({ event: 'nofile', id: key.id, from: key.remoteJid, text, mime, name })
  }
}

// amend tells that a message has new words, or is deleted.
function amend({ key, update }) {
  const edited = update.message?.editedMessage
  if (edited) tell({ event: 'edited', id: key.id, from: key.remoteJid, text: words(edited.message) })
  if (update.messageStubType === WAMessageStubType.REVOKE) tell({ event: 'deleted', id: key.id, from: key.remoteJid })
}

const duties = {
  async write({ to, text }) {
    const { key } = await socket.sendMessage(`${to}@s.whatsapp.net`, { text })
    tell({ event: 'written', id: key.id, text })
  },
  off() {
    wanted = false
    socket.end()
  },
  async on() {
    wanted = true
    await start()
  },
  // forget loses every session with an account, as a restored backup does.
  async forget({ to }) {
    const sessions = (await readdir(MEMORY)).filter(name => name.startsWith(`session-${to}_`))
    for (const name of sessions) await rm(join(MEMORY, name))
    tell({ event: 'forgotten', text: String(sessions.length) })
  },
}

await start()
for await (const line of createInterface({ input: process.stdin })) {
  const { duty, ...details } = JSON.parse(line)
  await duties[duty](details)
}
process.exit()
