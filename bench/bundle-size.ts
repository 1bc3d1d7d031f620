import { statSync } from 'node:fs';
import { type Row, toRow } from './row.ts';

const TARGET_KILOBYTES = 450;

/** Size of what Lambda loads, of the bundle at `indexPath`. */
export function measureBundleSize(indexPath: string): Row[] {
  const value = statSync(indexPath).size / 1000;
  return [toRow({ name: 'vend function, bundle', value, unit: 'kB', runs: 1, target: TARGET_KILOBYTES })];
}
