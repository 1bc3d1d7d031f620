import { loadDeployed } from './deployed.ts';
import { runProve } from './run-prove.ts';

const { code, stdout, stderr } = runProve(process.argv.slice(2), await loadDeployed());
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
