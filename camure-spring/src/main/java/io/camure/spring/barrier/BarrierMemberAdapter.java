package io.camure.spring.barrier;

import io.camure.Barrier;
import io.camure.Member;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.GroupTimer;
import io.camure.spring.kind.MemberAdapter;
import io.camure.spring.round.RoundCalls;
import io.camure.spring.round.RoundDetails;
import io.camure.spring.round.RoundRecord;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A barrier at a member. */
final class BarrierMemberAdapter extends MemberAdapter<Barrier> implements BarrierAdapter {

    private final RoundCalls calls;

    BarrierMemberAdapter(GroupContext group) {
        super(Barrier.class, group);
        // An arrival has to get to the coordinator, and the release back, which is no waiting for others.
        calls = new RoundCalls(group, new RoundRecord(() -> roundTrip().orElse(Duration.ZERO)));
    }

    @Override
    public Barrier join(Member member, Duration timeout) throws InterruptedException {
        return member.joinBarrier(group().membership(), timeout);
    }

    @Override
    public RoundRecord rounds() {
        return calls.rounds();
    }

    @Override
    public void onLost() {
        rounds().onNewNumbering();
    }

    @Override
    public @Nullable Object around(Method method, Around.Call call) throws Throwable {
        return calls.around(method, call);
    }

    @Override
    public List<GroupTimer> timers() {
        return rounds().timers();
    }

    @Override
    public GroupDetails details() {
        return new GroupDetails(Map.of("rounds", RoundDetails.of(rounds())));
    }

    @Override
    public GroupSample sample() {
        return RoundDetails.sample(rounds());
    }

    @Override
    public Map<String, Object> health() {
        return RoundDetails.lastForHealth(rounds());
    }
}
