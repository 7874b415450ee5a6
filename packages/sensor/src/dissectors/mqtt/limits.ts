/** Longest CONNECT or CONNACK that is read; real ones, with a certificate-like token as password, stay below 16 KiB. */
export const MAX_CONNECT = 32_768;
/** Characters of a client id that are stated: MQTT 3.1 allowed 23, later versions anything; device ids are shorter. */
export const MAX_CLIENT_ID = 128;
/** From this length on a user name or password inside a client id is no coincidence. */
export const LONG_SECRET = 6;
/** Shorter user names and passwords are looked for as words of the client id, down to this length. */
export const SHORT_SECRET = 3;
