const FINAL_TEXT = 0x81;
const IN_TWO_BYTES = 126;
const IN_EIGHT_BYTES = 127;

/**
 * A whole WebSocket text frame as a server sends it, unmasked (RFC 6455, 5.2): made once per message, then the same bytes
 * go to every socket.
 */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text, 'utf8');
  return Buffer.concat([frameHeader(payload.length), payload]);
}

function frameHeader(length: number): Buffer {
  if (length < IN_TWO_BYTES) return Buffer.of(FINAL_TEXT, length);
  if (length <= 0xffff) {
    const header = Buffer.of(FINAL_TEXT, IN_TWO_BYTES, 0, 0);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header.writeUInt8(FINAL_TEXT, 0);
  header.writeUInt8(IN_EIGHT_BYTES, 1);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
