/**
 * Messages of one connection whose headers are looked at: whoever encrypts a share's files asks some ten times for each, and
 * shows what he does within the first thousands.
 */
export const MAX_MESSAGES = 262_144;
/** Requests in one message: clients compound some three to five. */
export const MAX_COMPOUND = 16;
/** Bytes of a message that are held for what it asks: names and small writes; of others the first request counts. */
export const MAX_ASKED = 2048;
/** Bytes of a message that are held: a session setup with a Kerberos ticket has up to some 20 KiB. */
export const MAX_HELD = 49_152;
/** Bytes that are looked at in a longer message: its header, and what it says of a file before the file's name. */
export const HEADER_BYTES = 112;
/** Dialects that one client offers: SMB 1 names up to ten. */
export const MAX_DIALECTS = 64;
/** NetBIOS names have 15 characters, DNS names 255, native operating systems below 64. */
export const MAX_TEXT = 255;
/** Attributes of an NTLM challenge's target information: ten are defined. */
export const MAX_ATTRIBUTES = 32;
