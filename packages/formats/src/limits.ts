/** Bounds on what a register file may ask of us, each with its reason. */

/** The API takes as much in one request; the largest real registers (200,000 devices) are below it. */
export const REGISTER_CHARS = 20_000_000;
/** A university hospital group owns about 100,000 devices; more rows are an export of something else. */
export const REGISTER_ROWS = 250_000;
/** The widest CMMS exports have some 150 columns. */
export const REGISTER_COLUMNS = 300;
/** A cell beyond it is a pasted document; it is cut and said so. */
export const CELL_CHARS = 4000;
/** A row longer than this is an unclosed quotation mark, not a row. */
export const RECORD_CHARS = 1_000_000;
/** A core switch has this many ports; more addresses in one cell are a mistake. */
export const ADDRESSES_PER_CELL = 64;
/** Nobody reads more than this; what follows is counted in one last issue. */
export const ISSUES_LISTED = 1000;
/** How much of the file the delimiter is guessed from. */
export const SNIFF_CHARS = 65_536;
