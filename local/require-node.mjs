// Plain JavaScript on purpose: it must still run on the Node versions that it turns away.
const REQUIRED_MAJOR = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major !== REQUIRED_MAJOR) {
  console.error(
    `latchkey: Node ${REQUIRED_MAJOR} is required, got ${process.versions.node}; run "npm ci" without --ignore-scripts, it installs the right one for npm run`,
  );
  process.exit(1);
}
