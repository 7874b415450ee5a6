/**
 * Every bound of what watching keeps, with its reason. Whoever floods the network with new addresses costs at most these; the
 * oldest is forgotten first, and `forgotten` counts it.
 */
export interface WatchLimits {
  /** Devices of which a baseline is held: a large hospital has some ten thousand, and visitors' come and go. */
  devices: number;
  /** Relations (peer and service) of one device's baseline; a server of more is known by its services alone. */
  relations: number;
  /** Entries of each table of a detection's window: pairs of devices, zones of names, addresses. */
  window: number;
  /** Distinct members counted in one entry (ports of a host, hosts of a scan); beyond it the count stands still. */
  members: number;
  /** Alerts that may still grow; the one quiet longest is closed first. */
  openAlerts: number;
}

export const defaultLimits: Readonly<WatchLimits> = {
  devices: 65_536,
  // A PACS is used by hundreds, and itself uses few.
  relations: 256,
  window: 16_384,
  members: 1024,
  openAlerts: 8192,
};

/** Places of one entry of a stored state that is read, and characters of one of its texts: more than any detection keeps. */
export const KEPT_MEMBERS = 4096;
export const KEPT_TEXT = 8192;
/** Starts of connections of one pair that a rhythm is sought in: at one a minute half an hour. */
export const RHYTHM_STARTS = 32;
/** Marks (keyed hashes) of names that are told apart in one entry. */
export const MARKS_KEPT = 64;
/** Identities (serial, software, keys) that are compared over time, per device. */
export const IDENTITIES_KEPT = 48;
