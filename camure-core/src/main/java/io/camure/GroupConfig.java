package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.wire.NodeIdentity;
import io.camure.wire.WireText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a coordinator runs a group, or which one a member joins: of a member's, the id, the name and the timeout count. Immutable: each
 * method gives back a changed copy.
 */
public final class GroupConfig {

    /** What got lost comes again within a second, and is known to be there a second later. */
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(2);

    private static final GroupConfig DEFAULTS = new GroupConfig(
            new Label(null, ""),
            false,
            0,
            Duration.ofMinutes(1),
            MemberLoss.CONTINUE,
            SlowMember.WAIT,
            Duration.ofSeconds(10));

    private final Label label;
    private final boolean manualAdmission;
    private final int expectedMembers;
    private final Duration timeout;
    private final MemberLoss onMemberLoss;
    private final SlowMember slowMember;
    private final Duration slowMemberPatience;

    private record Label(@Nullable Integer id, String name) {}

    private GroupConfig(
            Label label,
            boolean manualAdmission,
            int expectedMembers,
            Duration timeout,
            MemberLoss onMemberLoss,
            SlowMember slowMember,
            Duration slowMemberPatience) {
        this.label = label;
        this.manualAdmission = manualAdmission;
        this.expectedMembers = expectedMembers;
        this.timeout = timeout;
        this.onMemberLoss = onMemberLoss;
        this.slowMember = slowMember;
        this.slowMemberPatience = slowMemberPatience;
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
        return new GroupConfig(
                new Label(Checks.range("group id", id, 0, 65535, ""), label.name()),
                manualAdmission,
                expectedMembers,
                timeout,
                onMemberLoss,
                slowMember,
                slowMemberPatience);
    }

    /**
     * What logs and errors call the group. It is told to the other side, where it has to be the same if the group has a name there,
     * too.
     *
     * @param name what can be printed, without space around it, at most 64 bytes in UTF-8; none unless told
     */
    public GroupConfig name(String name) {
        return new GroupConfig(
                new Label(label.id(), requireName(name)),
                manualAdmission,
                expectedMembers,
                timeout,
                onMemberLoss,
                slowMember,
                slowMemberPatience);
    }

    private static String requireName(String name) {
        Checks.given("group name", name);
        if (name.isEmpty() || !name.equals(WireText.printable(name.strip()))) {
            throw new IllegalArgumentException("group name is \"" + WireText.printable(name)
                    + "\": it must have characters that can be printed, and no space around them");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NodeIdentity.NAME_BYTES) {
            throw new IllegalArgumentException(
                    "group name " + name + " has " + bytes + " bytes in UTF-8: allowed are " + NodeIdentity.NAME_BYTES);
        }
        return name;
    }

    /** Nobody gets in without {@link CoordinatorGroup#accept}. */
    public GroupConfig manualAdmission() {
        return new GroupConfig(label, true, expectedMembers, timeout, onMemberLoss, slowMember, slowMemberPatience);
    }

    /** The first round or message waits until so many members are in: 0…65535. */
    public GroupConfig expectedMembers(int members) {
        return new GroupConfig(
                label,
                manualAdmission,
                Checks.range("expectedMembers", members, 0, 65535, ""),
                timeout,
                onMemberLoss,
                slowMember,
                slowMemberPatience);
    }

    /**
     * How long {@code await} and {@code flush} wait, and {@code send} each time for room, where the call says nothing else; 1
     * minute unless told. So sending a large message may take longer as long as it goes on.
     */
    public GroupConfig timeout(Duration timeout) {
        return new GroupConfig(
                label,
                manualAdmission,
                expectedMembers,
                Checks.positive("timeout", timeout),
                onMemberLoss,
                slowMember,
                slowMemberPatience);
    }

    /** What becomes of a barrier's round when a member is lost, whether it had arrived or not; goes on unless told. */
    public GroupConfig onMemberLoss(MemberLoss onMemberLoss) {
        return new GroupConfig(
                label,
                manualAdmission,
                expectedMembers,
                timeout,
                Checks.given("onMemberLoss", onMemberLoss),
                slowMember,
                slowMemberPatience);
    }

    /** What becomes of a member that holds a broadcast up for {@link #slowMemberPatience}; it is waited for unless told. */
    public GroupConfig slowMember(SlowMember slowMember) {
        return new GroupConfig(
                label,
                manualAdmission,
                expectedMembers,
                timeout,
                onMemberLoss,
                Checks.given("slowMember", slowMember),
                slowMemberPatience);
    }

    /**
     * How long a member may hold a broadcast up before it is called slow, without taking any of what was sent or having
     * room for more: 2 seconds or longer; 10 unless told. A member that is not heard at all is lost after the session's
     * member timeout.
     */
    public GroupConfig slowMemberPatience(Duration patience) {
        return new GroupConfig(
                label,
                manualAdmission,
                expectedMembers,
                timeout,
                onMemberLoss,
                slowMember,
                Checks.range("slowMemberPatience", patience, SHORTEST_PATIENCE, Checks.LONGEST));
    }

    public OptionalInt id() {
        Integer id = label.id();
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Empty unless told. */
    public String name() {
        return label.name();
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
