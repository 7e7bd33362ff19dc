// The messages of a room, as bytes: those of the Yjs protocols, and one of our own.
import * as decoding from "lib0/decoding"
import * as encoding from "lib0/encoding"

export const SYNC = 0, AWARENESS = 1
export const STEP1 = 0, STEP2 = 1, UPDATE = 2
export const SAVE_NOW = new Uint8Array([9])

const written = (bytes, ...numbers) => {
  const encoder = encoding.createEncoder()
  for (const number of numbers) encoding.writeVarUint(encoder, number)
  encoding.writeVarUint8Array(encoder, bytes)
  return encoding.toUint8Array(encoder)
}

export const sync = (kind, bytes) => written(bytes, SYNC, kind)
export const awareness = (bytes) => written(bytes, AWARENESS)

/** { kind, step, source } of a message; `step` only for those about the document. */
export function read(bytes) {
  const decoder = decoding.createDecoder(bytes)
  const kind = decoding.readVarUint(decoder)
  const step = kind === SYNC ? decoding.readVarUint(decoder) : undefined
  return { kind, step, source: decoding.readVarUint8Array(decoder) }
}

/** Whether the page at `address` is not for this person any more: a closed socket does not say why, the page does. */
export async function isRefused(address) {
  try {
    const answered = await fetch(address, { signal: AbortSignal.timeout(20000) })
    return answered.status === 404 || answered.redirected
  } catch {
    return false
  }
}
