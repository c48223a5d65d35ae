package io.camure;

import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How a coordinator runs a group. Immutable: each method gives back a changed copy. */
public final class GroupConfig {

    /** What got lost comes again within a second, and is known to be there a second later. */
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(2);

    private static final GroupConfig DEFAULTS = new GroupConfig();

    private @Nullable Integer id;
    private boolean manualAdmission;
    private int expectedMembers;
    private Duration timeout = Duration.ofMinutes(1);
    private MemberLoss onMemberLoss = MemberLoss.CONTINUE;
    private SlowMember slowMember = SlowMember.WAIT;
    private Duration slowMemberPatience = Duration.ofSeconds(10);

    private GroupConfig() {}

    private GroupConfig(GroupConfig other) {
        id = other.id;
        manualAdmission = other.manualAdmission;
        expectedMembers = other.expectedMembers;
        timeout = other.timeout;
        onMemberLoss = other.onMemberLoss;
        slowMember = other.slowMember;
        slowMemberPatience = other.slowMemberPatience;
    }

    /**
     * The first free id, whoever asks gets in, nobody is waited for before the first round or message, a wait ends after a
     * minute, rounds go on without members that are lost, and broadcasts wait for slow ones.
     */
    public static GroupConfig defaults() {
        return DEFAULTS;
    }

    /** @param id 0…65535; the first free one unless told */
    public GroupConfig id(int id) {
        GroupConfig copy = new GroupConfig(this);
        copy.id = Checks.range("group id", id, 0, 65535, "");
        return copy;
    }

    /** Nobody gets in without {@link CoordinatedGroup#accept}. */
    public GroupConfig manualAdmission() {
        GroupConfig copy = new GroupConfig(this);
        copy.manualAdmission = true;
        return copy;
    }

    /** The first round or message waits until so many members are in: 0…65535. */
    public GroupConfig expectedMembers(int members) {
        GroupConfig copy = new GroupConfig(this);
        copy.expectedMembers = Checks.range("expectedMembers", members, 0, 65535, "");
        return copy;
    }

    /** How long {@code await} and {@code send} wait where the call says nothing else; 1 minute unless told. */
    public GroupConfig timeout(Duration timeout) {
        GroupConfig copy = new GroupConfig(this);
        copy.timeout = Checks.positive("timeout", timeout);
        return copy;
    }

    /** What becomes of a barrier's round when a member is lost that would have had to arrive; goes on unless told. */
    public GroupConfig onMemberLoss(MemberLoss onMemberLoss) {
        GroupConfig copy = new GroupConfig(this);
        copy.onMemberLoss = onMemberLoss;
        return copy;
    }

    /** What becomes of a member that holds a broadcast up for {@link #slowMemberPatience}; it is waited for unless told. */
    public GroupConfig slowMember(SlowMember slowMember) {
        GroupConfig copy = new GroupConfig(this);
        copy.slowMember = slowMember;
        return copy;
    }

    /**
     * How long a member may hold a broadcast up before it is called slow, without taking any of what was sent or having
     * room for more: 2 seconds or longer; 10 unless told. A member that is not heard at all is lost after the session's
     * member timeout.
     */
    public GroupConfig slowMemberPatience(Duration patience) {
        GroupConfig copy = new GroupConfig(this);
        copy.slowMemberPatience = Checks.range("slowMemberPatience", patience, SHORTEST_PATIENCE, Checks.LONGEST);
        return copy;
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

    public SlowMember slowMember() {
        return slowMember;
    }

    public Duration slowMemberPatience() {
        return slowMemberPatience;
    }
}
