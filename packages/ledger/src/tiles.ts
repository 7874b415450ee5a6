/** C2SP tlog-tiles: a tile holds up to 256 hashes of every eighth level of the tree. */
export const TILE_WIDTH = 256;
export const TILE_LEVELS = 8;

export interface Tile {
  /** Of tiles, not of the tree; `entries` for the bundles of entries. */
  level: number | 'entries';
  index: number;
  /** Hashes or entries in it; 256 where it is full. */
  width: number;
}

/** `x001/x234/067`: three digits each, all but the last behind an x. */
function indexPath(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return groups.join('/');
}

export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${indexPath(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Null where the path is that of no tile; there is one path only for each. */
export function parseTilePath(path: string): Tile | null {
  const match = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return null;
  const index = Number(match[2]!.replaceAll(/[x/]/g, ''));
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3]);
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const tile: Tile = { level, index, width };
  return width > 0 && tilePath(tile) === path ? tile : null;
}

/** The entries of a bundle one after the other, each with its length in two bytes. */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}
