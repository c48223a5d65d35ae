package io.camure;

import io.camure.protocol.base.Checks;
import java.time.Duration;

/** How a coordinator runs a group. Immutable. A member that joins one has a {@link MembershipConfig}. */
public final class GroupConfig extends GroupSettings {

    /** What got lost comes again within a second, and is known to be there a second later. */
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(2);

    private static final GroupConfig DEFAULTS = builder().build();

    private final Builder settings;

    private GroupConfig(Builder settings) {
        super(settings);
        this.settings = settings;
    }

    /**
     * The first free id, whoever asks gets in, nobody is waited for before the first round or message, a wait ends after a
     * minute, rounds go on without members that are lost, and broadcasts wait for slow ones.
     */
    public static GroupConfig defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Begins with these settings; they themselves stay as they are. */
    public Builder toBuilder() {
        return settings.copy();
    }

    /** See {@link Builder#manualAdmission}. */
    public boolean isManualAdmission() {
        return settings.manualAdmission;
    }

    /** See {@link Builder#expectedMembers}. */
    public int expectedMembers() {
        return settings.expectedMembers;
    }

    /** See {@link Builder#onMemberLoss}. */
    public MemberLoss onMemberLoss() {
        return settings.onMemberLoss;
    }

    /** See {@link Builder#coordinatorTakesPart}. */
    public boolean coordinatorTakesPart() {
        return settings.coordinatorTakesPart;
    }

    /** See {@link Builder#slowMember}. */
    public SlowMember slowMember() {
        return settings.slowMember;
    }

    /** See {@link Builder#slowMemberPatience}. */
    public Duration slowMemberPatience() {
        return settings.slowMemberPatience;
    }

    /** Collects settings; each setter refuses null and what is out of range with an {@link IllegalArgumentException}. */
    public static final class Builder extends GroupSettings.Builder<Builder> {

        private boolean manualAdmission;
        private int expectedMembers;
        private MemberLoss onMemberLoss = MemberLoss.CONTINUE;
        private boolean coordinatorTakesPart = true;
        private SlowMember slowMember = SlowMember.WAIT;
        private Duration slowMemberPatience = Duration.ofSeconds(10);

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** Nobody gets in without {@link CoordinatorGroup#accept}. */
        public Builder manualAdmission() {
            manualAdmission = true;
            return this;
        }

        /**
         * The first round or message waits until so many members are in: 0…65535, and not more than the session may have
         * ({@link CoordinatorConfig.Builder#maximumMembers}); 0 unless told.
         */
        public Builder expectedMembers(int members) {
            expectedMembers = Checks.range("expectedMembers", members, 0, 65535, "");
            return this;
        }

        /** What becomes of a round of a barrier or a collective when a member is lost, whether it had arrived or not; goes on unless told. */
        public Builder onMemberLoss(MemberLoss onMemberLoss) {
            this.onMemberLoss = Checks.given("onMemberLoss", onMemberLoss);
            return this;
        }

        /**
         * Whether the rounds of a barrier or a collective wait for the coordinator, too; they do unless told. Without it, a round is complete when all
         * members have arrived, and {@link Round#size} counts them alone: right for a coordinator that only serves its
         * members, of which one may be in the same process.
         */
        public Builder coordinatorTakesPart(boolean takesPart) {
            coordinatorTakesPart = takesPart;
            return this;
        }

        /** What becomes of a member that holds a broadcast up for {@link #slowMemberPatience}; it is waited for unless told. */
        public Builder slowMember(SlowMember slowMember) {
            this.slowMember = Checks.given("slowMember", slowMember);
            return this;
        }

        /**
         * How long a member may hold a broadcast up before it is called slow, without taking any of what was sent or having
         * room for more: 2 seconds or longer; 10 unless told. A member that is not heard at all is lost after the session's
         * member timeout.
         */
        public Builder slowMemberPatience(Duration patience) {
            slowMemberPatience = Checks.range("slowMemberPatience", patience, SHORTEST_PATIENCE, Checks.LONGEST);
            return this;
        }

        public GroupConfig build() {
            return new GroupConfig(copy());
        }
    }
}
