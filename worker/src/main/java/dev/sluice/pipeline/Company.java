package dev.sluice.pipeline;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * In whose company a lane works: beside the others, or alone with a suspect, while no other lane receives, maps or
 * stores. So what kills the process takes no other lane's work with it; what another lane has received and does not work
 * on is at most a suspect that waits for its own turn. Shared by all lanes; thread-safe.
 */
final class Company {

    /** Fair, so that a suspect waits no longer than for the rounds under way. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    /** Called by a lane before it receives. Blocks while another lane is alone. */
    Place join() {
        return new Place();
    }

    /** A lane's place for one round; left when it is closed. Used by that lane's thread only. */
    final class Place implements AutoCloseable {

        private Lock held = lock.readLock();

        private Place() {
            held.lock();
        }

        /** Blocks until no other lane works. */
        void beAlone() {
            change(lock.writeLock());
        }

        /** Lets the others work again. */
        void beAmongOthers() {
            change(lock.readLock());
        }

        private void change(Lock wanted) {
            if (!held.equals(wanted)) {
                held.unlock();
                wanted.lock();
                held = wanted;
            }
        }

        @Override
        public void close() {
            held.unlock();
        }
    }
}
