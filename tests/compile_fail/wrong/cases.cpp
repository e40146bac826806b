// The checker's own test: of these cases three are wrong, each in another way.
template <class T>
void refuse(T) {
  static_assert(sizeof(T) == 0, "refused, with words");
}

#ifdef CASE_compiles  // expect: refused
int wrong(int x) { return x; }
#endif

#ifdef CASE_other_words  // expect: forbidden
// expect(clang): forbidden
void wrong(char x) { refuse(x); }
#endif

#ifdef CASE_first_other_words  // expect: refused
// first: forbidden
void wrong(short x) { refuse(x); }
#endif

#ifdef CASE_right  // expect: refused, with words
// first: refused
void wrong(int x) { refuse(x); }
#endif

#ifdef CASE_said_already  // expect: refused, with words
void wrong(int x) { refuse(x); }
#endif
