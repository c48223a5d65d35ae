package io.camure.spring.broadcast;

import io.camure.BroadcastReceiver;
import io.camure.Member;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupDetails;
import io.camure.spring.kind.GroupMeter;
import io.camure.spring.kind.GroupSample;
import io.camure.spring.kind.MemberAdapter;
import java.time.Duration;
import java.util.List;

/** A broadcast at a member, which receives. */
final class BroadcastMemberAdapter extends MemberAdapter<BroadcastReceiver> {

    private final BroadcastTraffic<BroadcastReceiver> traffic = new BroadcastTraffic<>(
            this, BroadcastReceiver::messagesReceived, BroadcastReceiver::bytesReceived, BroadcastReceiver::window);

    BroadcastMemberAdapter(GroupContext group) {
        super(BroadcastReceiver.class, group);
    }

    @Override
    public BroadcastReceiver join(Member member, Duration timeout) throws InterruptedException {
        return member.joinBroadcast(group().membership(), timeout);
    }

    @Override
    protected void onDetached(BroadcastReceiver over) {
        traffic.onDetached(over);
    }

    @Override
    public List<GroupMeter> meters() {
        return traffic.meters("received");
    }

    @Override
    public GroupDetails details() {
        return new GroupDetails(traffic.details());
    }

    @Override
    public GroupSample sample() {
        return traffic.sample();
    }
}
