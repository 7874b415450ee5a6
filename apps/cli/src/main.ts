import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Beside the code that it holds compiled, not in a folder that every account of the machine may write.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/wardline', import.meta.url)));
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(process.argv.slice(2));
