package io.camure.test;

import io.camure.BroadcastReceiver;
import io.camure.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionTimeoutException;

/** What a {@link CamureTestMember} has received of a broadcast: each whole message, in order. Thread-safe. */
public final class CamureTestInbox {

    private final String name;
    private final BroadcastReceiver receiver;
    private final Duration patience;
    private final List<ReceivedMessage> messages = new CopyOnWriteArrayList<>();

    CamureTestInbox(String name, BroadcastReceiver receiver, Duration patience) {
        this.name = name;
        this.receiver = receiver;
        this.patience = patience;
        receiver.onMessage(this::onMessage);
    }

    private void onMessage(Message message) throws IOException {
        messages.add(new ReceivedMessage(message.bytes()));
    }

    /** The group itself. */
    public BroadcastReceiver receiver() {
        return receiver;
    }

    /** What has been received so far. */
    public List<ReceivedMessage> messages() {
        return List.copyOf(messages);
    }

    /**
     * Waits until at least so many messages have been received since this member joined.
     *
     * @return all that have
     * @throws ConditionTimeoutException when that is not so within the network's patience
     */
    public List<ReceivedMessage> awaitMessages(int count) {
        return Waiting.until(
                count + " messages at " + name, patience, this::messages, received -> received.size() >= count);
    }

    @Override
    public String toString() {
        return name;
    }
}
