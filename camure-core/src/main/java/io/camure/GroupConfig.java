package io.camure;

import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How a coordinator runs a group. Immutable: each method gives back a changed copy. */
public final class GroupConfig {

    private static final GroupConfig DEFAULTS =
            new GroupConfig(null, false, 0, Duration.ofMinutes(1), MemberLoss.CONTINUE);

    private final @Nullable Integer id;
    private final boolean manualAdmission;
    private final int expectedMembers;
    private final Duration timeout;
    private final MemberLoss onMemberLoss;

    private GroupConfig(
            @Nullable Integer id,
            boolean manualAdmission,
            int expectedMembers,
            Duration timeout,
            MemberLoss onMemberLoss) {
        this.id = id;
        this.manualAdmission = manualAdmission;
        this.expectedMembers = expectedMembers;
        this.timeout = timeout;
        this.onMemberLoss = onMemberLoss;
    }

    /** The first free id, whoever asks gets in, nobody is waited for, and a wait ends after a minute. */
    public static GroupConfig defaults() {
        return DEFAULTS;
    }

    /** @param id 0…65535; the first free one unless told */
    public GroupConfig id(int id) {
        return new GroupConfig(
                Checks.range("group id", id, 0, 65535, ""), manualAdmission, expectedMembers, timeout, onMemberLoss);
    }

    /** Nobody gets in without {@link CoordinatedGroup#accept}. */
    public GroupConfig manualAdmission() {
        return new GroupConfig(id, true, expectedMembers, timeout, onMemberLoss);
    }

    /** The first round or message waits until so many members are in: 0…65535. */
    public GroupConfig expectedMembers(int members) {
        return new GroupConfig(
                id, manualAdmission, Checks.range("expectedMembers", members, 0, 65535, ""), timeout, onMemberLoss);
    }

    /** How long {@code await} and {@code send} wait where the call says nothing else; 1 minute unless told. */
    public GroupConfig timeout(Duration timeout) {
        return new GroupConfig(id, manualAdmission, expectedMembers, Checks.positive("timeout", timeout), onMemberLoss);
    }

    /** What becomes of a barrier's round when a member is lost that would have had to arrive; goes on unless told. */
    public GroupConfig onMemberLoss(MemberLoss onMemberLoss) {
        return new GroupConfig(id, manualAdmission, expectedMembers, timeout, onMemberLoss);
    }

    public OptionalInt id() {
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    public boolean isManualAdmission() {
        return manualAdmission;
    }

    public int expectedMembers() {
        return expectedMembers;
    }

    public Duration timeout() {
        return timeout;
    }

    public MemberLoss onMemberLoss() {
        return onMemberLoss;
    }
}
