"""Who can take one household more: a small network of needs, départements and bailleurs."""

from collections import deque
from collections.abc import Hashable, Mapping

Node = Hashable


class Reseau:
    """Flows from needs to bailleurs; capacities are whole, and flows only ever grow at the bailleurs."""

    def __init__(self, source: Node) -> None:
        self._source = source
        self._residual: dict[Node, dict[Node, int]] = {}
        self._into: dict[Node, dict[Node, None]] = {}

    def add(self, start: Node, end: Node, capacity: int) -> None:
        """Add capacity to an edge."""
        for one, other, room in ((start, end, capacity), (end, start, 0)):
            there = self._residual.setdefault(one, {})
            there[other] = there.get(other, 0) + room
            self._into.setdefault(other, {})[one] = None

    def augment(self, end: Node) -> bool:
        """Send one unit more to a node, moving others where need be; return whether that can be done."""
        onward: dict[Node, Node] = {end: end}
        waiting = deque([end])
        while waiting:
            node = waiting.popleft()
            if node == self._source:
                self._move(onward, end)
                return True
            for before in self._into.get(node, ()):
                if before not in onward and self._residual[before][node] > 0:
                    onward[before] = node
                    waiting.append(before)
        return False

    def flow(self, start: Node, end: Node) -> int:
        """Return the flow of an edge that was added one way only."""
        return self._residual.get(end, {}).get(start, 0)

    def _move(self, onward: Mapping[Node, Node], end: Node) -> None:
        node = self._source
        while node != end:
            after = onward[node]
            self._residual[node][after] -= 1
            self._residual[after][node] += 1
            node = after
