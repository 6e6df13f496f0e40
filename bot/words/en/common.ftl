# Between the things of a list.
comma = { ", " }
