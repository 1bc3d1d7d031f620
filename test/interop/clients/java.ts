import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../client.ts';
import { APPS, BUILDS, build, obtain } from '../install.ts';
import { openProgram } from '../program.ts';
import { OBJECTS, WAIT } from './operations.ts';

const FOLDER = join(BUILDS, 'java');
const CLASSPATH_FILE = join(FOLDER, 'classpath.txt');
const CLASSES = join(FOLDER, 'classes');

/** The AWS SDK for Java v2. It fetches anew with less than a minute left. */
export const java: Client = {
  id: 'java',
  name: 'Java v2',
  isDemanded: false,
  operations: new Set([...OBJECTS, ...WAIT]),
  fetchesFor: 'process',
  nearEnd: { leftSeconds: 62, waitSeconds: 3 },
  tells: () => 'nothing',
  tellsNamed: () => 'message',
  async install() {
    const cwd = join(APPS, 'java');
    const home = await findJavaHome();
    const maven = ['--batch-mode', '--quiet', 'dependency:build-classpath'];
    await obtain('mvn', [...maven, `-Dmdep.outputFile=${CLASSPATH_FILE}`], { cwd });
    const libraries = await readFile(CLASSPATH_FILE, 'utf8');
    await build(join(home, 'bin/javac'), ['-d', CLASSES, '-cp', libraries, 'App.java'], { cwd });
    return openProgram(join(home, 'bin/java'), ['-cp', `${CLASSES}:${libraries}`, 'App']);
  },
};

/** The path without links: the program is run with an environment that has no PATH. */
async function findJavaHome(): Promise<string> {
  const { stderr } = await obtain('java', ['-XshowSettings:properties', '--version']);
  return /java\.home = (.*)/.exec(stderr)?.[1] ?? '';
}
