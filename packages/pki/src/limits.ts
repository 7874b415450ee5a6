/** Bounds of what this package takes in and gives out, each with its reason. */

/** A certificate of a device has 1 to 2 kB; those of makers with long policies and large RSA keys some 4. */
export const CERTIFICATE_BYTES = 16 * 1024;
/** A request with an RSA key of 4,096 bits has some 1.6 kB; one that carries evidence of a secure element, some more. */
export const REQUEST_BYTES = 32 * 1024;
/** A question about one certificate has about 120 bytes. */
export const OCSP_REQUEST_BYTES = 4 * 1024;
/** Certificates asked about in one question; responders of the public web take one. */
export const OCSP_CERTIFICATES = 8;
/** Structures within structures: those of a certificate stand some nine deep. */
export const DER_DEPTH = 24;
/** Elements of one structure: a certificate with a hundred names has some 600. */
export const DER_ELEMENTS = 4096;
/** RFC 5280 §4.1.2.2: at most 20 octets. */
export const SERIAL_BYTES = 20;
/** Names of one certificate; a device has two, a server that hosts many some dozens. */
export const SUBJECT_NAMES = 64;
/** RFC 5280 upper bounds for names are 64 to 128 characters; makers write longer ones. */
export const NAME_CHARACTERS = 256;
/** Certificates that a peer may send along: leaf, zone, root and one cross-signed. */
export const CHAIN_CERTIFICATES = 6;
/** RSA below 2,048 bits is no key any more (NIST SP 800-131A); above 8,192 a check takes a server's time. */
export const RSA_BITS = { least: 2048, most: 8192 } as const;
/** A list of 1,000,000 certificates has some 40 MB; larger ones are no list of one hospital. */
export const LIST_BYTES = 64 * 1024 * 1024;
/** A chance number of a question that its answer repeats: RFC 9654 §2.1. */
export const OCSP_NONCE_BYTES = 128;
/** What an EST client sends: a request in base64 with line breaks. */
export const EST_BODY_CHARACTERS = 48 * 1024;
/** What a server says a request should hold: some identifiers and the names of one device. */
export const ATTRIBUTE_BYTES = 16 * 1024;
