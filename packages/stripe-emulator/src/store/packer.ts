import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Deflate looks back no further. */
const WINDOW = 32 * 1024;
/** A sample that is still larger than this share of its text, when packed, has something new for the dictionary. */
const NEW = 0.25;
/**
 * Fast rather than small: with a dictionary the difference is slight. A short memory is set up in less time, and chunks
 * of the size of a result do not leave much behind.
 */
const SETTINGS = { level: 3, memLevel: 6, chunkSize: 1024 };
/** Most values are not larger. */
const UNPACKED = 4096;

/**
 * Turns JSON values into short texts and back. Values of one table resemble each other, so a dictionary is made of samples
 * of it. The texts have one byte per character: V8 keeps such ones without any overhead worth mentioning.
 */
export class Packer {
  private readonly dictionary: Buffer;

  constructor(samples: Iterable<unknown>) {
    let dictionary = Buffer.alloc(0);
    for (const sample of samples) {
      const text = Buffer.from(JSON.stringify(sample));
      if (deflated(text, dictionary).length < text.length * NEW) continue;
      if (dictionary.length + text.length > WINDOW) break;
      dictionary = Buffer.concat([dictionary, text]);
    }
    this.dictionary = dictionary;
  }

  pack(value: unknown): string {
    return deflated(Buffer.from(JSON.stringify(value)), this.dictionary).toString('latin1');
  }

  unpack(packed: string): unknown {
    const { dictionary } = this;
    const text = inflateRawSync(Buffer.from(packed, 'latin1'), { dictionary, chunkSize: UNPACKED });
    return JSON.parse(text.toString('utf8'));
  }
}

function deflated(text: Buffer, dictionary: Buffer): Buffer {
  return deflateRawSync(text, { ...SETTINGS, ...(dictionary.length > 0 ? { dictionary } : {}) });
}
