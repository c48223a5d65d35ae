package io.camure.test.support;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.CoordinatorConfig;
import io.camure.GroupConfig;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Transport;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The calls that wait, each for something that does not come for longer than a test takes. */
public enum LongWait {
    AWAIT_AT_MEMBER {
        @Override
        void perform(Nodes nodes) throws Exception {
            nodes.member.joinBarrier(0).await(LONG);
        }
    },
    AWAIT_AT_COORDINATOR {
        @Override
        void perform(Nodes nodes) throws Exception {
            nodes.barrier.await(LONG);
        }
    },
    RECEIVE {
        @Override
        void perform(Nodes nodes) throws Exception {
            nodes.member.joinBroadcast(1).receive(LONG);
        }
    },
    SEND_WITHOUT_ROOM {
        @Override
        void perform(Nodes nodes) throws Exception {
            nodes.broadcast.send(new byte[10_000_000]);
        }
    },
    WRITE_WITHOUT_ROOM {
        @Override
        void perform(Nodes nodes) throws Exception {
            nodes.broadcast.newMessage().write(new byte[10_000_000]);
        }
    },
    FLUSH {
        @Override
        void perform(Nodes nodes) throws Exception {
            nodes.broadcast.send(new byte[10]);
            nodes.broadcast.flush(LONG);
        }
    },
    JOIN_A_GROUP {
        @Override
        void perform(Nodes nodes) throws Exception {
            nodes.member.joinBarrier(7, LONG);
        }
    },
    JOIN_A_SESSION {
        @Override
        void perform(Nodes nodes) throws Exception {
            try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                Member.join((InetSocketAddress) silent.getLocalSocketAddress(), nodes.memberConfig);
            }
        }
    },
    AWAIT_MEMBERS {
        @Override
        void perform(Nodes nodes) throws Exception {
            nodes.barrier.awaitMembers(7, LONG);
        }
    };

    private static final Duration LONG = Duration.ofMinutes(5);

    abstract void perform(Nodes nodes) throws Exception;

    /** A session of which the barrier and the broadcast wait for a member more. */
    static final class Nodes implements AutoCloseable {

        private static final GroupConfig GROUP =
                GroupConfig.builder().expectedMembers(2).timeout(LONG).build();

        private final MemberConfig memberConfig;
        private final Coordinator coordinator;
        private final CoordinatorBarrier barrier;
        private final BroadcastGroup broadcast;
        private final Member member;

        Nodes(Transport transport) throws InterruptedException {
            memberConfig = MemberConfig.builder()
                    .transport(transport)
                    .joinTimeout(LONG)
                    .build();
            coordinator = Coordinator.start(
                    Loopback.anyPort(),
                    Loopback.multicast(),
                    CoordinatorConfig.builder().transport(transport).build());
            barrier = coordinator.createBarrier(GROUP.toBuilder().id(0).build());
            broadcast = coordinator.createBroadcast(GROUP.toBuilder().id(1).build());
            member = Member.join(coordinator.address(), memberConfig);
        }

        @Override
        public void close() {
            member.close();
            coordinator.close();
        }
    }
}
