import { agentProgram, runAgentProgram } from './program/program.ts';

process.exitCode = await runAgentProgram(agentProgram(), process.argv.slice(2));
