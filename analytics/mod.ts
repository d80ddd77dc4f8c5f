/** Nothing is exported yet; see the README. */
export {};
