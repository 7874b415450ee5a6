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

/** Longest line of a sensor's log: Suricata's with printed payloads and Zeek's of long URIs are below it. */
export const LOG_LINE_CHARS = 1_048_576;
/** Damaged lines that are listed; the others are counted in one last error. */
export const LOG_ERRORS_LISTED = 100;
/** Rows that are held before a batch is handed over. */
export const LOG_ROWS = 4000;
/** Items of one list field (answers of one DNS response) that are read. */
export const LOG_LIST_ITEMS = 64;
/** Distinct causes of loss that one batch names; further ones are counted together. */
export const LOG_CAUSES = 64;
/** The schema's bound on a fact's text (see `sightingSchema`); products and names are far shorter. */
export const LOG_TEXT_CHARS = 256;
/** How much of a file tells whether it is a log: the longest first record of real EVE files is below it. */
export const LOG_SNIFF_BYTES = 16_384;

/** Longest message of syslog over a stream: RFC 5425 §4.3.1 asks for 8 kB, and audit records are some 16. */
export const SYSLOG_MESSAGE_BYTES = 65_536;
/** Digits of a message's octet count (RFC 6587 §3.4.1); more name no message that anybody sends. */
export const SYSLOG_COUNT_DIGITS = 6;
/** Elements of structured data that are read. */
export const SYSLOG_ELEMENTS = 32;

/** Exporters of flows that are listened to at once: a hospital has some hundred switches, each with a few line cards. */
export const FLOW_DOMAINS = 4096;
/** Templates of one exporter's domain; real ones have a dozen. */
export const FLOW_TEMPLATES = 256;
/** Fields of one template; the widest real ones have some sixty. */
export const FLOW_FIELDS = 256;
/** Samplers of one domain: one for each port of a large chassis. */
export const FLOW_SAMPLERS = 1024;
/** Gaps of a sequence that may still be filled by messages that were overtaken. */
export const FLOW_GAPS = 32;
/** Messages after which a gap counts as lost; paths of unequal length reorder over a handful. */
export const FLOW_OVERTAKEN = 32;
/** Late numbers in a row that fill no gap: copies of messages come once or twice, an exporter that began anew goes on. */
export const FLOW_STRAYS = 3;
/** A number further back than this is no late message: the exporter began anew. */
export const FLOW_LATE = 16_384;
/** Flows of one direction that wait for the other. */
export const FLOW_PENDING = 50_000;
/** How long they wait, by the exporters' clocks (µs): switches close the two directions up to a minute apart. */
export const FLOW_PENDING_MICROS = 120_000_000;
/** Addresses and ports of which the uses are counted, to tell services. */
export const FLOW_SERVICES = 65_536;
/** A sampler beyond one packet in a million says nothing that could be multiplied. */
export const FLOW_SAMPLING = 1_000_000;

/** One tag or text of a scan: a check of Nessus that lists all software of a server writes some megabytes. */
export const SCAN_TOKEN_CHARS = 16_777_216;
/** Elements within elements: scanners write nine. */
export const SCAN_DEPTH = 64;
/** Attributes of one element: scanners write a dozen. */
export const SCAN_ATTRIBUTES = 100;
/** Open ports of one host that are kept: more is a trap that answers on all of them. */
export const SCAN_PORTS = 2000;
/** Programs of one host: a scan with a login lists some hundred. */
export const SCAN_SOFTWARE = 1000;
/** Names of products of one service. */
export const SCAN_CPES = 16;

/** An audit message is a few thousand characters; an entry of the ledger may have 65,535 bytes, and base64 adds a third. */
export const AUDIT_LINE_CHARS = 262_144;

/** The largest CSAF advisory that is known (Siemens, of several hundred products) is some 20 MB. */
export const ADVISORY_CHARS = 40_000_000;
/** CSAF nests branches about six levels deep, of three levels of JSON each; the schema sets no end. */
export const ADVISORY_DEPTH = 100;
/** Values in one document; the largest known have some 500,000. */
export const ADVISORY_ITEMS = 4_000_000;
/** A note or remediation longer than this is a manual. */
export const ADVISORY_TEXT = 8_000;
/** Statements (product and weakness) of one document; the largest known have some 100,000. */
export const ADVISORY_STATEMENTS = 250_000;
/** Faults of one document that are listed. */
export const ADVISORY_FAULTS = 50;
/** The NVD's API answers with at most 2,000 records; a mirror's file of one year has some 45,000. */
export const NVD_RECORDS = 100_000;
/** Events of one OSV range; the longest known have some hundreds. */
export const OSV_EVENTS = 10_000;
/** EPSS scores every CVE each day: some 350,000. */
export const EPSS_ROWS = 2_000_000;
/** The largest decision table that is published has 72 rows and 4 kB, in JSON 60 kB. */
export const SSVC_CHARS = 2_000_000;
export const SSVC_ROWS = 10_000;
/** The largest lists of documents (all of one large maker's advisories as ROLIE) have some 30,000 entries and 30 MB. */
export const FEED_CHARS = 80_000_000;
export const FEED_ENTRIES = 200_000;
/** A path in such a list. */
export const FEED_PATH = 500;
/** Providers have one directory and a feed for each year and label. */
export const FEED_DISTRIBUTIONS = 200;
/** Lines of a `security.txt` that are looked at; a signed one has some fifty. */
export const SECURITY_TXT_LINES = 500;

/** The largest bills of materials that are known (of whole Linux images) are some 60 MB. */
export const SBOM_CHARS = 100_000_000;
/** Components of one document; a whole Linux image with its files has some 100,000. */
export const SBOM_COMPONENTS = 250_000;
/** Relationships of one document; SPDX names each file's, some four for each component. */
export const SBOM_RELATIONSHIPS = 1_000_000;
/** Faults of one document that are listed. */
export const SBOM_FAULTS = 50;
/** Nodes of one document of XML: as many as values of JSON. */
export const XML_NODES = 8_000_000;
/** CycloneDX nests assemblies some ten levels deep; the checking library itself stops at 256. */
export const XML_DEPTH = 200;
/** Attributes of one element; CycloneDX has at most five. */
export const XML_ATTRIBUTES = 100;
/** Brackets of one licence expression. */
export const LICENSE_DEPTH = 50;
/** A purl or CPE name longer than this is no name. */
export const IDENTIFIER_CHARS = 4096;

/** Forms and lists are below 2 MB; a spreadsheet with pictures of a device is some 20. */
export const FORM_BYTES = 30_000_000;
/** Files in a workbook: some twenty, and one for each picture. */
export const ZIP_ENTRIES = 500;
/** One file of a workbook, unpacked: a sheet of SHEET_CELLS cells is some 6 MB. */
export const ZIP_ENTRY_BYTES = 20_000_000;
/** All that is unpacked of a workbook; more is a bomb. */
export const ZIP_TOTAL_BYTES = 60_000_000;
/** Sheets of a workbook that are looked at; a form has one to five. */
export const SHEETS = 40;
/** Filled cells of one sheet; a form has some 2,000. */
export const SHEET_CELLS = 60_000;
/** Merges of one sheet; a form has some 300. */
export const SHEET_MERGES = 5_000;
/** Pages of a form in PDF: ten to forty. */
export const PDF_PAGES = 200;
/** Pieces of text on one page; a page set glyph by glyph has some 6,000. */
export const PDF_PAGE_ITEMS = 50_000;
/** Warnings of one form that are listed: more than it has questions says nothing new. */
export const FORM_WARNINGS = 500;
/** Cells of one sheet that look like an id of a question; a form has some 240. */
export const FORM_IDS = 2_000;
/** A device's code; the longest that standards allow are some 150 characters. */
export const UDI_CHARS = 300;

/** openFDA's whole download of device recalls comes in parts of some 40 MB; one answer of its API has 1,000 records and some 3 MB. */
export const RECALL_CHARS = 60_000_000;
/** All device recalls since 2002 are some 60,000. */
export const RECALL_RECORDS = 100_000;
/** Faults of one file that are listed. */
export const RECALL_FAULTS = 100;
/** Spans of lots or serial numbers of one notice; the longest known name some 3,000. */
export const RECALL_SPANS = 5_000;
/** A cell of a table of notices. */
export const RECALL_TEXT = 8_000;
