/** Messages of one connection that are looked at: negotiation and sign-in take ten, then encryption shows itself. */
export const MAX_MESSAGES = 64;
/** Bytes of a message that are held: a session setup with a Kerberos ticket has up to some 20 KiB. */
export const MAX_HELD = 49_152;
/** Bytes that are looked at in a message that signs nobody in: its header. */
export const HEADER_BYTES = 64;
/** Dialects that one client offers: SMB 1 names up to ten. */
export const MAX_DIALECTS = 64;
/** NetBIOS names have 15 characters, DNS names 255, native operating systems below 64. */
export const MAX_TEXT = 255;
/** Attributes of an NTLM challenge's target information: ten are defined. */
export const MAX_ATTRIBUTES = 32;
