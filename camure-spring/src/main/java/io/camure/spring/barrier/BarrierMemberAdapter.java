package io.camure.spring.barrier;

import io.camure.Barrier;
import io.camure.Member;
import io.camure.Round;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.round.RoundMemberAdapter;
import java.time.Duration;

/** A barrier at a member. */
final class BarrierMemberAdapter extends RoundMemberAdapter<Barrier> implements BarrierAdapter {

    BarrierMemberAdapter(GroupContext group) {
        super(Barrier.class, group, BarrierKind.NAME, (method, round) -> (Round) round);
    }

    @Override
    public Barrier join(Member member, Duration timeout) throws InterruptedException {
        return member.joinBarrier(group().membership(), timeout);
    }
}
