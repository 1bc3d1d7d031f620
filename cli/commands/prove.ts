import { defineCommand } from '../command.ts';

/** `latchkey prove` */
export const prove = defineCommand({
  command: 'prove [profile..]',
  describe: 'Prove that the profiles of this folder keep every pair of tenants apart; asks no API',
  options: (yargs) =>
    yargs.positional('profile', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'names of profiles; all of them without it',
    }),
  run: async ({ profile, json }, { terminal }) => {
    // Late: no other command needs the prover.
    const { runProve } = await import('../../prove/run-prove.ts');
    const { loadDeployed } = await import('../../prove/deployed.ts');
    const { code, stdout, stderr } = runProve(
      [...profile, ...(json ? ['--json'] : [])],
      await loadDeployed(),
    );
    terminal.stdout.write(stdout);
    terminal.stderr.write(stderr);
    return code;
  },
});
