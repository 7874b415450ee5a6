/** RFC 8446 §5.2: 2^14 bytes and 256 of expansion; RFC 5246 §6.2.3 allowed 2,048, some stacks send a little more. */
export const MAX_RECORD = 16_384 + 2048;
/** Bytes of handshake held for one direction: a certificate chain of a dozen large certificates. */
export const MAX_HANDSHAKE = 65_536;
/** Handshake messages read per connection: a full handshake with client certificate has some twelve. */
export const MAX_MESSAGES = 48;
/** Extensions of one hello: browsers send some eighteen; a hello of 64 KiB could hold 16,000 empty ones. */
export const MAX_EXTENSIONS = 256;
/** Longest host name (RFC 1035 §3.1). */
export const MAX_NAME = 255;
/** ALPN protocols stated of one client: browsers offer two. */
export const MAX_ALPN = 16;
/** Alternative names stated of one certificate: hosting providers' certificates have a hundred. */
export const MAX_SANS = 100;
/** Text of one distinguished name. */
export const MAX_DISTINGUISHED_NAME = 512;
/** Bytes of one certificate that are parsed: real ones have below 8 KiB. */
export const MAX_CERTIFICATE = 32_768;
