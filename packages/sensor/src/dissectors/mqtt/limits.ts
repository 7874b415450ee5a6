/** Longest CONNECT or CONNACK that is read; real ones, with a certificate-like token as password, stay below 16 KiB. */
export const MAX_CONNECT = 32_768;
/** Characters of a client id that are stated: MQTT 3.1 allowed 23, later versions anything; device ids are shorter. */
export const MAX_CLIENT_ID = 128;
/** Shortest user name or password that is looked for inside a client id; shorter ones hit by chance. */
export const MIN_SECRET_IN_ID = 3;
