/** Runs a server on a data directory until it is told to end; prints its address. */
import { startServer } from '../index.ts';

const [dataDir] = process.argv.slice(2);
const server = await startServer({ dataDir: dataDir!, port: 0, log: 'silent' });
console.log(`url ${server.url}`);
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
