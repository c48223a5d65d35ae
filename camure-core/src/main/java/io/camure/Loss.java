package io.camure;

import java.time.Instant;
import java.util.Optional;

/**
 * What a member has lost against its will, and what it does about that: its session or a group.
 *
 * @param cause why it is out, with the reason that calls fail for meanwhile
 * @param since when it learnt that
 * @param lastTry the last try to join again; empty before the first has failed
 * @param nextTry when the next try is due; empty while one is under way, and when there will be none, since the member does not
 *     {@linkplain MemberConfig.Builder#rejoin rejoin}
 */
public record Loss(CamureException cause, Instant since, Optional<FailedTry> lastTry, Optional<Instant> nextTry) {

    /**
     * A try to join again that has failed.
     *
     * @param time when it had
     */
    public record FailedTry(Instant time, CamureException why) {}
}
