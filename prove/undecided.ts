/** Something that the proof cannot decide; the message says what, for whoever wrote the profile. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}
