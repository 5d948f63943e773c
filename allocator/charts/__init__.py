"""Pictures of numbers: charts with units and dates, as SVG or PNG (extra ``charts``)."""
