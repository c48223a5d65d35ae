package io.camure.node.broadcast;

import io.camure.BroadcastReceiver;
import io.camure.DisconnectedException;
import io.camure.Loss;
import io.camure.Message;
import io.camure.MessageHandler;
import io.camure.WindowUse;
import io.camure.node.group.ResumedGroup;
import io.camure.protocol.base.Checks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broadcast at a member that joins it again. What had arrived before a loss is read to its end, and then what comes after
 * it. Of several losses in a row, only what had arrived before the first is kept for a reader that is that late.
 */
final class ResumedReceiver implements BroadcastReceiver {

    private static final Logger log = LoggerFactory.getLogger(ResumedReceiver.class);

    private final ResumedGroup<BroadcastAtMember> group;
    private final AtomicReference<Thread> handlerThread = new AtomicReference<>();

    /** Where messages are taken from: the current membership, or one before it that has messages left. Guarded by this. */
    private BroadcastAtMember source;

    /** Of the memberships before. Guarded by this, as the next one. */
    private long pastMessages;

    private long pastBytes;

    ResumedReceiver(ResumedGroup<BroadcastAtMember> group) {
        this.group = group;
        source = group.current();
    }

    @Override
    public int id() {
        return group.id();
    }

    @Override
    public boolean isOpen() {
        return group.isOpen();
    }

    @Override
    public Optional<Message> receive(Duration timeout) throws InterruptedException {
        while (true) {
            BroadcastAtMember from = source();
            boolean isCurrent = from == group.current();
            try {
                Optional<Message> message = from.receive(isCurrent ? timeout : Duration.ZERO);
                if (isCurrent || message.isPresent()) {
                    return message;
                }
            } catch (DisconnectedException e) {
                if (isCurrent) {
                    group.throwIfOut();
                    throw e;
                }
                moveOn(from);
            }
        }
    }

    private synchronized BroadcastAtMember source() {
        return source;
    }

    /** Nothing is left of a membership that is over. */
    private synchronized void moveOn(BroadcastAtMember over) {
        if (source == over) {
            pastMessages += over.messagesReceived();
            pastBytes += over.bytesReceived();
            source = group.current();
        }
    }

    @Override
    public void onMessage(MessageHandler handler) {
        Thread thread = group.current().newHandlerThread(() -> handleAll(handler));
        if (!handlerThread.compareAndSet(null, thread)) {
            throw new IllegalStateException(this + " has a handler already");
        }
        thread.start();
    }

    private void handleAll(MessageHandler handler) {
        HandlerFailures failures = new HandlerFailures();
        try {
            while (!group.isClosed()) {
                BroadcastAtMember before = group.current();
                try {
                    receive(Checks.LONGEST).ifPresent(message -> before.handle(this, handler, message, failures));
                } catch (DisconnectedException e) {
                    log.debug("{}: no more messages until this node is in the group again", this, e);
                    group.awaitOtherThan(before);
                }
            }
        } catch (Throwable e) {
            // No memory for a message, for example. Whoever stays in and reads nothing holds the sender back.
            log.error("{}: the handler gets no more messages, and this node leaves the group", this, e);
            close();
        }
    }

    @Override
    public synchronized long messagesReceived() {
        return pastMessages + source.messagesReceived();
    }

    @Override
    public synchronized long bytesReceived() {
        return pastBytes + source.bytesReceived();
    }

    @Override
    public WindowUse window() {
        return group.current().window();
    }

    @Override
    public Optional<Loss> loss() {
        return group.loss();
    }

    @Override
    public void close() {
        group.close();
    }

    @Override
    public String toString() {
        return group.toString();
    }
}
