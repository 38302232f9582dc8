// Questions of the page of all runs: `address()` says what is asked, or null for nothing. One that fails is
// asked again until it succeeds.
const question = (address, take, fail) => {
  const own = oneAtATime(async isOld => {
    const path = address();
    if (path === null) return;
    try {
      const answer = await ask(path);
      if (!isOld()) take(answer);
    } catch (error) {
      // Without a connection the events say so, and everything is asked again when it is back.
      if (!(error instanceof NoAnswer)) throw error;
      if (!error.status || isOld()) return;
      fail(error.message);
      setTimeout(own.look, 1000);
    }
  });
  return own;
};
