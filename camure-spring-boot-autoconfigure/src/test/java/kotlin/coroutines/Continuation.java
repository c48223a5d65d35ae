package kotlin.coroutines;

/** What Kotlin's compiler adds as the last parameter of a {@code suspend} function; here only its name is of interest. */
public interface Continuation<T> {}
