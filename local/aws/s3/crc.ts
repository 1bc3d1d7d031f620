/** A cyclic redundancy check, as a 32-bit polynomial or as the two halves of a 64-bit one; bits reflected, register and result inverted. */
interface Polynomial {
  readonly high: number;
  readonly low: number;
}

const BYTE_VALUES = 256;

/** CRC-32C (Castagnoli), RFC 3720 appendix B.4: four bytes, most significant first. */
export const crc32c = createCrc({ high: 0, low: 0x82f63b78 }, 4);

/** CRC-64/NVME, NVM Express NVM Command Set Specification 5.2.1.3.4: eight bytes, most significant first. */
export const crc64Nvme = createCrc({ high: 0x9a6c9329, low: 0xac4bc9b5 }, 8);

function createCrc(polynomial: Polynomial, byteLength: 4 | 8): (data: Uint8Array) => Buffer {
  const { highs, lows } = createTable(polynomial);
  return (data) => {
    // A 32-bit check lives in the low half; its high half must stay zero, or it would shift into the low one.
    let high = byteLength === 8 ? 0xffffffff : 0;
    let low = 0xffffffff;
    for (const byte of data) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
      high = (high >>> 8) ^ (highs[index] ?? 0);
    }
    const result = Buffer.alloc(8);
    result.writeUInt32BE(~high >>> 0, 0);
    result.writeUInt32BE(~low >>> 0, 4);
    return result.subarray(8 - byteLength);
  };
}

function createTable(polynomial: Polynomial): { highs: Uint32Array; lows: Uint32Array } {
  const highs = new Uint32Array(BYTE_VALUES);
  const lows = new Uint32Array(BYTE_VALUES);
  for (let byte = 0; byte < BYTE_VALUES; byte += 1) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      const carries = low & 1;
      low = ((low >>> 1) | (high << 31)) ^ (carries ? polynomial.low : 0);
      high = (high >>> 1) ^ (carries ? polynomial.high : 0);
    }
    highs[byte] = high;
    lows[byte] = low;
  }
  return { highs, lows };
}
