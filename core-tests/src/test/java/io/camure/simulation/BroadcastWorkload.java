package io.camure.simulation;

import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import io.camure.Message;
import io.camure.MessageAbandonedException;
import io.camure.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A coordinator that sends messages of one chunk or many, and gives some up; members that read them, some slowly. */
final class BroadcastWorkload implements Workload {

    static final String DELIVERED = "messages delivered whole";
    static final String PARTLY_READ = "messages that ended before they were whole";

    static final int ID = 2;
    private static final String NAME = "news";
    private static final int LAST_MESSAGES = 3;
    private static final int MOST_BYTES = 8000;
    private static final int CHUNK_BYTES = 400;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LEAVING = Duration.ofMillis(250);
    private static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(3);

    private final MessagesOnceInOrder messages;
    private final Map<Site, Group> groups = new LinkedHashMap<>();

    /** The last message before all are to go on. */
    private int lastBefore;

    BroadcastWorkload(World world) {
        messages = new MessagesOnceInOrder(world);
    }

    @Override
    public void atCoordinator(CoordinatorSite site) {
        BroadcastGroup group = site.coordinator()
                .createBroadcast(GroupConfig.builder()
                        .id(ID)
                        .name(NAME)
                        .timeout(TIMEOUT)
                        .expectedMembers(site.plan().expectedMembers())
                        .slowMember(site.plan().slowMember())
                        .slowMemberPatience(Duration.ofSeconds(2))
                        .build());
        groups.put(site, group);
        long life = site.coordinator().incarnation();
        messages.beginLife(life);
        site.start(
                "sender",
                () -> site.repeat(() -> {
                    site.think();
                    send(site, group, life);
                }));
    }

    private void send(CoordinatorSite site, BroadcastGroup group, long life) throws Exception {
        int bytes = site.random().nextInt(3) == 0
                ? site.random().nextInt(MessagesOnceInOrder.LEAST_BYTES, MOST_BYTES)
                : site.random().nextInt(MessagesOnceInOrder.LEAST_BYTES, CHUNK_BYTES);
        // Each chunk may wait as long as the group's timeout.
        Duration bound = TIMEOUT.multipliedBy(2 + bytes / CHUNK_BYTES);
        int choice = site.random().nextInt(12);
        if (choice == 0) {
            site.call("write half a message", bound, () -> {
                giveUp(group, life, bytes);
                return null;
            });
        } else {
            site.call("send", bound, () -> {
                sendWhole(group, life, bytes);
                return null;
            });
        }
        if (choice == 1) {
            Duration limit = Duration.ofNanos(site.plan().thinkNanos(site.random()));
            site.call("flush", limit, () -> {
                group.flush(limit);
                return null;
            });
        }
    }

    private void sendWhole(BroadcastGroup group, long life, int bytes) throws InterruptedException {
        int number = messages.begin(life);
        boolean sent = false;
        try {
            group.send(MessagesOnceInOrder.content(life, number, bytes), MessagesOnceInOrder.headers(number));
            sent = true;
        } finally {
            messages.end(life, number, sent);
        }
    }

    private void giveUp(BroadcastGroup group, long life, int bytes) throws InterruptedException {
        int next = messages.lastBegun(life) + 1;
        try (MessageWriter writer = group.newMessage(MessagesOnceInOrder.headers(next))) {
            int number = messages.begin(life);
            messages.end(life, number, false);
            try {
                writer.write(MessagesOnceInOrder.content(life, number, bytes), 0, bytes / 2);
            } catch (IOException e) {
                // Given up already; an interrupt is still set.
            }
            writer.abandon();
        }
    }

    @Override
    public void atMember(MemberSite site) {
        site.start("receiver", () -> {
            MembershipConfig membership = site.membership(ID, NAME).build();
            BroadcastReceiver receiver = site.untilDone(() -> site.call(
                    "joinBroadcast",
                    JOIN_TIMEOUT.plus(LEAVING),
                    () -> site.member().joinBroadcast(membership, JOIN_TIMEOUT)));
            if (receiver != null) {
                groups.put(site, receiver);
                boolean slow = site.random().nextInt(4) == 0;
                if (site.random().nextInt(3) == 0) {
                    receiver.onMessage(message -> take(site, message, slow));
                } else {
                    site.repeat(() -> {
                        Duration limit = Duration.ofNanos(2 * site.plan().thinkNanos(site.random()));
                        Optional<Message> message = site.call("receive", limit, () -> receiver.receive(limit));
                        if (message.isPresent()) {
                            take(site, message.get(), slow);
                        }
                    });
                }
            }
        });
    }

    private void take(MemberSite site, Message message, boolean slow) throws Exception {
        try {
            messages.onMessage(site, message.headers(), read(site, message.inputStream()));
            site.world().counts().count(DELIVERED);
        } catch (MessageAbandonedException e) {
            site.world().counts().count(PARTLY_READ);
        } catch (IOException e) {
            site.world().trace().say(site, "could not read a message: " + e.getMessage());
        }
        if (slow) {
            site.think();
        }
    }

    /** Goes on when it was interrupted. */
    private static byte[] read(MemberSite site, InputStream content) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[CHUNK_BYTES / 2];
        int length = 0;
        while (length >= 0) {
            all.write(part, 0, length);
            try {
                length = site.call("read", MESSAGE_TIMEOUT, () -> content.read(part));
            } catch (InterruptedIOException e) {
                length = 0;
                if (!Thread.interrupted() && site.isEnding()) {
                    throw e;
                }
            }
        }
        return all.toByteArray();
    }

    @Override
    public List<Invariant> invariants() {
        return List.of(messages);
    }

    @Override
    public List<String> effects() {
        return List.of(DELIVERED, PARTLY_READ);
    }

    @Override
    public String notTogether(World world) {
        return Togetherness.missing(world, groups);
    }

    @Override
    public void goOn(World world) {
        lastBefore = messages.lastSent(life(world));
    }

    @Override
    public String notGoneOn(World world) {
        int awaited = lastBefore + LAST_MESSAGES;
        List<Site> late = new ArrayList<>();
        world.memberSites().forEach(site -> {
            if (messages.lastGot(site, life(world)) < awaited) {
                late.add(site);
            }
        });
        return late.isEmpty() ? null : "neither message " + awaited + " nor one behind it has come to " + late;
    }

    private static long life(World world) {
        return world.coordinator().site().coordinator().incarnation();
    }
}
