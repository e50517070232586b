// What there is to click: to begin with, and in each state.

export const FIRST = [
  ["Plan first", "I have an interview for a product manager job at Spotify next week and I'm a bit nervous. Can I see the questions first?"],
  ["All at once", "30 minute technical mock for a senior data engineer, make it tough"],
  ["Somewhere else", "can you tailor my resume for a nursing job?"],
  ["Hard to tell", "go for it"],
];

const NEXT = {
  none: ["mock interview for a nurse, plan first", "just start a warm up for a barista", "what can you do?"],
  draft: ["make it harder, and 20 minutes please", "drop question 4", "looks good, approve it"],
  edited: ["looks good, approve it", "who is my interviewer?", "cancel it"],
  approved: ["I'm ready, let's go", "make it 5 minutes", "cancel it"],
  live: ["How did I do?", "where do I stand?"],
  reviewed: ["How did I do?", "show me the leaderboard", "same setup again"],
};

/** Messages that make sense now: after a failure that may be repeated, or a doubt, first of all those about it. */
export function nextFor(state, { error, reply }) {
  const usual = NEXT[state] ?? [];
  if (error?.retryable) return ["try again", ...usual.slice(0, 2)];
  if (reply === "clarify") return ["yes", "no", ...usual.slice(0, 1)];
  return usual;
}

/** What each part of a decision tells, for a page on which nothing was said yet. */
export const PARTS = [
  ["Decision", "the reading, with the words that spoke for and against it"],
  ["Candidates", "what else it could have been, and how sure is sure enough"],
  ["Slots", "values, and whether they were stated, mapped, inferred or defaults"],
  ["Service calls", "what was asked of the interview-service, and how that ended"],
  ["Why not …?", "what any other reading lacked, and what would flip it"],
  ["Stages", "what each step of the router did with the message"],
];
