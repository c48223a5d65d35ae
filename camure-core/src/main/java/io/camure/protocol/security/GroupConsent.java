package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.DatagramCodec.Consent;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a member may be in a group by its certificate, once that is known. */
final class GroupConsent {

    /** Who is refused may be admitted later; nobody is judged more often. */
    private static final long AGAIN_NANOS = SECONDS.toNanos(1);

    private Consent consent = Consent.PENDING;
    private long againNanos;
    private boolean asking;

    /**
     * What is known; has it found out beside the session if that is to be.
     *
     * @param refusal why not, or {@code null}; may run code of users
     * @param refused is told why not, and when
     */
    Consent ask(Beside beside, Supplier<@Nullable String> refusal, ObjLongConsumer<String> refused, long nowNanos) {
        boolean due = consent == Consent.PENDING || consent == Consent.REFUSED && nowNanos >= againNanos;
        if (due && !asking) {
            String[] why = new String[1];
            asking = beside.submit(() -> why[0] = textOf(refusal), now -> {
                asking = false;
                consent = why[0] == null ? Consent.GIVEN : Consent.REFUSED;
                againNanos = now + AGAIN_NANOS;
                if (why[0] != null) {
                    refused.accept(why[0], now);
                }
            });
        }
        return consent;
    }

    private static @Nullable String textOf(Supplier<@Nullable String> refusal) {
        try {
            return refusal.get();
        } catch (RuntimeException e) {
            // Of code of users: who can't be judged is not admitted.
            return String.valueOf(e.getMessage());
        }
    }
}
