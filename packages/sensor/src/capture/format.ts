/** Takes one packet; returns true to pause reading behind it. Bytes are valid during the call only. */
export type PacketHandler = (
  linkType: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  /** As it was on the wire. */
  originalLength: number,
  timeMicros: number,
  /** Counted from 1 over the file. */
  packetNumber: number,
) => boolean;

/** Damage: where, and what was expected and found there. */
export interface Damage {
  record: number | null;
  offset: number;
  message: string;
}

/** `starved`: all whole records are read; `paused`: the handler asked to stop; else the file cannot be read further. */
export type Progress = 'starved' | 'paused' | Damage;

/** A parser of one capture format, fed through its input. */
export interface FormatParser {
  readonly format: string;
  /** Packets that the capturing machine lost, as far as was read. */
  readonly lost: number;
  /** Reads whole records until the input runs dry. */
  run(handler: PacketHandler): Progress;
  /** What is wrong with an input that ends here, or null. */
  atEnd(): Damage | null;
}
