/** Link types of tcpdump.org/linktypes that are 802.11, bare or behind a header of the capturing card. */
export const WIFI = 105;
const PRISM = 119;
const RADIOTAP = 127;
const AVS = 163;
const PPI = 192;

export function isRadio(linkType: number): boolean {
  return (
    linkType === RADIOTAP || linkType === WIFI || linkType === PRISM || linkType === AVS || linkType === PPI
  );
}

/** What a card tells of a frame: one object, filled anew for each frame. */
export interface RadioHeader {
  /** Where the 802.11 frame starts and ends, without its checksum. */
  at: number;
  end: number;
  /** The 802.11 header is padded to a multiple of four bytes. */
  isPadded: boolean;
  /** The card found the checksum wrong. */
  isBad: boolean;
  /** The two bytes of the frame control come the other way around: some controllers tunnel frames so. */
  isSwapped: boolean;
}

/** Reads the card's header; false where it is cut off or damaged. */
export function readRadioHeader(
  linkType: number,
  view: DataView,
  start: number,
  end: number,
  header: RadioHeader,
): boolean {
  header.isPadded = false;
  header.isBad = false;
  header.isSwapped = false;
  header.end = end;
  header.at = start;
  switch (linkType) {
    case WIFI:
      return true;
    case RADIOTAP:
      return readRadiotap(view, start, end, header);
    case PPI:
      return readPpi(view, start, end, header);
    default:
      return readPrism(view, start, end, header);
  }
}

const TSFT = 1;
const FLAGS = 2;
const FCS = 0x10;
const PADDED = 0x20;
const BAD = 0x40;
const MORE = 0x80000000;

/** radiotap.org: a length, bitmaps of what is present, then the fields; only the flags matter here. */
function readRadiotap(view: DataView, start: number, end: number, header: RadioHeader): boolean {
  if (end - start < 8 || view.getUint8(start) !== 0) return false;
  const length = view.getUint16(start + 2, true);
  if (length < 8 || length > end - start) return false;
  const present = view.getUint32(start + 4, true);
  header.at = start + length;
  if ((present & FLAGS) === 0) return true;
  let at = start + 8;
  for (let word = present; (word & MORE) !== 0; at += 4) {
    if (at + 4 > header.at) return false;
    word = view.getUint32(at, true);
  }
  // The timestamp before the flags is aligned to its own eight bytes.
  if ((present & TSFT) !== 0) at = start + ((at - start + 7) & ~7) + 8;
  if (at >= header.at) return false;
  const flags = view.getUint8(at);
  header.isPadded = (flags & PADDED) !== 0;
  header.isBad = (flags & BAD) !== 0;
  if ((flags & FCS) !== 0) withoutChecksum(header);
  return true;
}

/** CACE's Per-Packet Information: the link type inside must be 802.11; its first field tells of the checksum. */
function readPpi(view: DataView, start: number, end: number, header: RadioHeader): boolean {
  if (end - start < 8 || view.getUint8(start) !== 0) return false;
  const length = view.getUint16(start + 2, true);
  if (length < 8 || length > end - start || view.getUint32(start + 4, true) !== WIFI) return false;
  header.at = start + length;
  const hasCommon = length >= 22 && view.getUint16(start + 8, true) === 2;
  const flags = hasCommon ? view.getUint16(start + 20, true) : 0;
  header.isBad = (flags & 4) !== 0;
  if ((flags & 1) !== 0) withoutChecksum(header);
  return true;
}

/** AVS starts with a magic number in network order; Prism's length is in the byte order of the card's machine. */
function readPrism(view: DataView, start: number, end: number, header: RadioHeader): boolean {
  if (end - start < 8) return false;
  const isAvs = view.getUint32(start) >>> 12 === 0x80211;
  const length = view.getUint32(start + 4, !isAvs && view.getUint8(start + 4) !== 0);
  if (length < 8 || length > end - start) return false;
  header.at = start + length;
  return true;
}

function withoutChecksum(header: RadioHeader): void {
  header.end = Math.max(header.at, header.end - 4);
}
