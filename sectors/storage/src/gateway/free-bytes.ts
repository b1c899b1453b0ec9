/**
 * Gives the memory of bytes back at once, where nothing else shares it: they have length 0 then. At hundreds of megabytes a second garbage collection of buffers
 * costs more than what is done with them.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
