package io.camure.transport.linux;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/**
 * Has an interrupt end a wait in a system call, which by itself ends none. Java tells only its own blocking operations of an
 * interrupt, and those of selectors that others make: this is one of the latter, as far as that goes.
 */
final class InterruptibleWait extends AbstractSelector {

    private final Runnable wakeUp;

    /** @param wakeUp ends the wait; may be called late, by the thread that interrupts */
    InterruptibleWait(Runnable wakeUp) {
        super(SelectorProvider.provider());
        this.wakeUp = wakeUp;
    }

    /** From now on an interrupt of this thread wakes up who waits, at once if the thread is interrupted already. */
    void enter() {
        begin();
    }

    /** Not any more. */
    void leave() {
        end();
    }

    @Override
    public Selector wakeup() {
        wakeUp.run();
        return this;
    }

    @Override
    protected void implCloseSelector() {
        // It has nothing of its own.
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SelectionKey> keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select(long timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException();
    }
}
