package io.camure;

import io.camure.protocol.MemberGroup;
import io.camure.protocol.ReceiveWindow;
import io.camure.runtime.SessionDriver;
import io.camure.wire.ChunkType;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class BroadcastAtMember extends GroupAtMember implements BroadcastReceiver {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private static final Logger log = LoggerFactory.getLogger(BroadcastAtMember.class);

    private final ReceiveWindow window;
    private final Duration messageTimeout;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicReference<@Nullable Thread> handlerThread = new AtomicReference<>();

    /** The message that was received last, while not all of it has been taken out of the window. */
    private @Nullable MessageInputStream current;

    private long messagesReceived;

    BroadcastAtMember(MemberNode member, MemberGroup group, Duration messageTimeout) {
        super(member, group);
        this.messageTimeout = messageTimeout;
        window = group.window();
    }

    @Override
    public Optional<Message> receive(Duration timeout) throws InterruptedException {
        long deadlineNanos = driver().nowNanos() + Checks.waitNanos(timeout);
        if (!reading.tryLock(Checks.waitNanos(timeout), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        try {
            skipCurrent();
            while (true) {
                if (driver().await(this::hasNext, deadlineNanos) == SessionDriver.Outcome.TIMED_OUT) {
                    return Optional.empty();
                }
                Message message = driver().execute(nowNanos -> takeNext());
                if (message != null) {
                    return Optional.of(message);
                }
            }
        } finally {
            reading.unlock();
        }
    }

    /** What is left of the last message goes, whether there is a next one or not. */
    private void skipCurrent() {
        MessageInputStream unread = current;
        if (unread != null) {
            unread.skip();
            current = null;
        }
    }

    private boolean hasNext() {
        return window.nextType() != null || end() != null;
    }

    /** Takes the next chunk; it is a message if that begins one, otherwise the rest of a message that nobody reads. */
    private @Nullable Message takeNext() {
        ChunkType type = window.nextType();
        if (type == null) {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            return null;
        }
        ByteBuffer payload = window.take(NOTHING);
        boolean whole = type == ChunkType.BROADCAST_MESSAGE;
        boolean begins = whole || type == ChunkType.BROADCAST_FIRST_FRAGMENT;
        // A first fragment without data says that the message before it was given up.
        if (!begins || !whole && !payload.hasRemaining()) {
            return null;
        }
        messagesReceived++;
        MessageInputStream content = new MessageInputStream(this, payload, whole);
        current = whole ? null : content;
        return new Message(content);
    }

    /** Waits for the next fragment of a message and takes it. */
    void readFragment(MessageInputStream message) throws MessageAbandonedException, InterruptedIOException {
        SessionDriver.Outcome outcome;
        try {
            outcome = driver().await(this::hasNext, driver().nowNanos() + messageTimeout.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while reading a message");
            interrupted.initCause(e);
            throw interrupted;
        }
        if (outcome == SessionDriver.Outcome.TIMED_OUT) {
            throw new InterruptedIOException(
                    this + ": the next part of the message has not come for " + messageTimeout);
        }
        CamureException abandonment = driver().execute(nowNanos -> takeFragment(message));
        if (abandonment != null) {
            throw new MessageAbandonedException("the message is not whole: " + abandonment.getMessage(), abandonment);
        }
    }

    /** @return why there is no next fragment, or {@code null} when the message has it now */
    private @Nullable CamureException takeFragment(MessageInputStream message) {
        ChunkType type = window.nextType();
        boolean last = type == ChunkType.BROADCAST_FINAL_FRAGMENT;
        if (last || type == ChunkType.BROADCAST_FRAGMENT) {
            message.onFragment(window.take(message.fragment()), last);
            if (last) {
                current = null;
            }
            return null;
        }
        CamureException end = end();
        return type == null && end != null
                ? end
                : new CamureException(this + ": the coordinator gave the message up before it was whole");
    }

    @Override
    public void onMessage(MessageHandler handler) {
        Thread thread = new Thread(() -> handleAll(handler), "camure-" + member.name() + "-" + id());
        thread.setDaemon(true);
        if (!handlerThread.compareAndSet(null, thread)) {
            throw new IllegalStateException(this + " has a handler already");
        }
        thread.start();
    }

    private void handleAll(MessageHandler handler) {
        try {
            while (!driver().read(nowNanos -> isClosedHere())) {
                Optional<Message> message = receive(Checks.LONGEST);
                if (message.isPresent()) {
                    handle(handler, message.get());
                }
            }
        } catch (DisconnectedException e) {
            log.debug("{}: no more messages", this, e);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but its own handler, whose flag is cleared.
            log.error("{}: the handler was interrupted, and gets no more messages", this, e);
            close();
        }
    }

    private void handle(MessageHandler handler, Message message) {
        try {
            handler.onMessage(message);
        } catch (Throwable e) {
            // An error, too: a handler that is gone would hold the sender back, and so everybody else.
            log.warn("{}: the handler of a message has failed", this, e);
        }
        // What the handler has left set would end the next wait.
        if (Thread.interrupted()) {
            log.debug("{}: the handler was interrupted", this);
        }
    }

    @Override
    public long messagesReceived() {
        return driver().read(nowNanos -> messagesReceived);
    }

    @Override
    public String toString() {
        return member.name() + ": broadcast " + group.id();
    }
}
