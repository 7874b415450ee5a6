/** HAProxy answers `show sess` with a few hundred octets a session; a gateway of a ward has hundreds of sessions, not millions. */
export const ANSWER_OCTETS = 64 * 1024 * 1024;
/** A running HAProxy answers at once; one that does not is no gateway to rely on. */
export const SOCKET_MILLIS = 10_000;
/** Devices behind one gateway, each with a socket of its own. */
export const CONNECTIONS = 1000;
